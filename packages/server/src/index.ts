export { backUp, type BackupOptions, type BackupReport } from "./backup/backup.ts";
export { restore, type RestoreOptions, type RestoreReport } from "./backup/restore.ts";
export { rebuildLake, type RebuildLakeOptions, type RebuildReport } from "./rebuildLake.ts";
export { defaultDataFolder } from "./dataFolder.ts";
export { startService, type Installation, type Service, type ServiceOptions } from "./service.ts";
