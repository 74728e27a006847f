import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ApiError } from "@corduroy/contract";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createAppRouter } from "./app/router.tsx";
import { sessionQuery } from "./app/session.ts";
import { applyTheme, storedTheme } from "./app/theme.ts";
import { Notices } from "./parts/Notices.tsx";
import "./styles/index.css";

applyTheme(storedTheme());

const MOST_RETRIES = 2;
const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended elsewhere: the shell sees that nobody is signed in, and leads to the sign-in page and back.
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 401) queries.setQueryData(sessionQuery.queryKey, null);
    },
  }),
  defaultOptions: {
    queries: { staleTime: 10_000, refetchOnWindowFocus: false, retry: (failures, error) => !(error instanceof ApiError) && failures < MOST_RETRIES },
  },
});
const router = createAppRouter();

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Notices />
      </QueryClientProvider>
    </StrictMode>,
  );
}
