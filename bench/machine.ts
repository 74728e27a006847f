import { cpus, loadavg, totalmem, type } from "node:os";
import { version as duckdbVersion } from "@duckdb/node-api";

/** Where and when figures were taken. */
export interface Machine {
  processor: string;
  cores: number;
  memoryBytes: number;
  system: string;
  node: string;
  duckdb: string;
  /** ISO 8601, UTC. */
  date: string;
  /** Processes that wanted to run, mean of the last minute, before the benchmark: above 0.5 somebody else was at work. */
  load: number;
}

/** Describes this machine at this moment. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() || "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${type()} ${process.arch}`,
    node: process.version,
    duckdb: duckdbVersion(),
    date: new Date().toISOString(),
    load: loadavg()[0] ?? 0,
  };
}
