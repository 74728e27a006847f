import type { Command } from "commander";

/** Commands that keep a service safe: backup, restore. */
export function addBackupCommands(root: Command): void {
  root
    .command("backup")
    .description("copy everything a service needs to be there again; it may go on meanwhile")
    .argument("<place>", "a folder, or s3://bucket/prefix; what is there is not sent again")
    .option("--data <folder>", "the service's data (default: the user's data folder)")
    .addHelpText("after", `
With CORDUROY_BACKUP_PASSPHRASE in the environment, or typed when asked, the keys are in it too, encrypted. With DATABASE_URL the
database is that one. Run it as the user who runs the service.

Examples:
  corduroy backup /mnt/backups/corduroy
  corduroy backup s3://safe/corduroy --data /srv/corduroy`)
    .action(async (place: string, options) => (await import("../backup.ts")).backupCommand(place, options));
  root
    .command("restore")
    .description("make a data folder out of a backup, the latest unless one is named; all of it is checked")
    .argument("<place>", "a folder, or s3://bucket/prefix, that backups were made to")
    .requiredOption("--data <folder>", "a new or empty folder")
    .option("--backup <name>", "another than the latest, by the name that corduroy backup printed")
    .option("--without-keys", "leave the keys out that are in the backup", false)
    .addHelpText("after", `
The passphrase comes from CORDUROY_BACKUP_PASSPHRASE, or is asked for. With DATABASE_URL the rows go into that database, which must be empty.

Example:
  corduroy restore /mnt/backups/corduroy --data /srv/corduroy-again`)
    .action(async (place: string, options) => (await import("../backup.ts")).restoreCommand(place, options));
}
