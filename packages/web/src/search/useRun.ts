import { useEffect, useRef, useState } from "react";
import { problemFrom } from "../app/connection.ts";
import { NO_ANSWER, withLines, type Answer } from "./answer.ts";
import { stream, type Limits } from "./stream.ts";

export interface Run {
  answer: Answer;
  /** The SQL of the answer; null before the first. */
  sql: string | null;
  /** How it was asked. */
  limits: Limits;
  running: boolean;
  cancelled: boolean;
  start: (sql: string, limits: Limits) => void;
  /** Closes the connection, which ends the query at the service too. */
  cancel: () => void;
}

/** Runs one query at a time and shows rows as they come. */
export function useRun(): Run {
  const [state, setState] = useState<Omit<Run, "start" | "cancel">>({ answer: NO_ANSWER, sql: null, limits: { maxRows: 0, seconds: 0 }, running: false, cancelled: false });
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);
  const start = (sql: string, limits: Limits): void => {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    let answer: Answer = { ...NO_ANSWER, rows: [] };
    const show = (running: boolean): void => {
      if (current.current === controller) setState({ answer, sql, limits, running, cancelled: false });
    };
    show(true);
    stream(sql, limits, controller.signal, (lines) => {
      answer = withLines(answer, lines);
      show(true);
    }).then(
      () => {
        if (answer.end === null && answer.error === null) answer = { ...answer, error: { message: "The answer ended before its last row.", hint: "Run the query again." } };
        show(false);
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const { detail, hint } = problemFrom(error);
        answer = { ...answer, error: { message: detail, hint } };
        show(false);
      },
    );
  };
  const cancel = (): void => {
    current.current?.abort();
    current.current = null;
    setState((state) => ({ ...state, running: false, cancelled: true }));
  };
  return { ...state, start, cancel };
}
