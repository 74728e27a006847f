import { useMutation, useQueryClient, type QueryKey, type UseMutationResult } from "@tanstack/react-query";
import { complainOf, say } from "./notices.ts";

interface VerbOptions<In, Out> {
  /** What is said when it is done. */
  done?: string | ((out: Out, input: In) => string);
  /** What is out of date afterwards. */
  refresh?: QueryKey[];
  onDone?: (out: Out, input: In) => void;
  /** Shows the error where the person is looking, in place of a notice. */
  onFail?: (error: unknown, input: In) => void;
}

/** A change of state, with its messages: success is said once, a failure says what the service said. */
export function useVerb<Out, In = void>(run: (input: In) => Promise<Out>, { done, refresh = [], onDone, onFail = complainOf }: VerbOptions<In, Out> = {}): UseMutationResult<Out, unknown, In> {
  const queries = useQueryClient();
  return useMutation<Out, unknown, In>({
    mutationFn: run,
    // An input may be a secret: nothing of it is kept once its form is gone.
    gcTime: 0,
    onSuccess: async (out, input) => {
      onDone?.(out, input);
      if (done !== undefined) say(typeof done === "string" ? done : done(out, input));
      await Promise.all(refresh.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
    onError: onFail,
  });
}
