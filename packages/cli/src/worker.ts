import { runWorker } from "@corduroy/core/ingest";

runWorker();
