import { Option, type Command } from "commander";
import { VENDORS } from "@corduroy/contract";
import { asksService, port, positive, several, span, webAddress } from "./arguments.ts";

/** Commands that run a service, feed it, and ask it: up, watch, login, logout, query, sources, audit. */
export function addServiceCommands(root: Command): void {
  root
    .command("up")
    .description("run the service: receipt, lake, findings, API and UI")
    .option("--data <folder>", "where its data are kept (default: the user's data folder)")
    .option("--demo", "a folder of its own with the made-up company in it; takes no real events", false)
    .option("--host <address>", "where to listen; beyond loopback only with TLS", "127.0.0.1")
    .option("--port <number>", "0 for any", port, 7117)
    .option("--rules <path>", "Sigma rules, a file or folder; may be repeated (default: the built-in rules)", several)
    .option("--workers <number>", "processes that map and match", positive, 1)
    .option("--tls-cert <file>", "certificate (PEM)")
    .option("--tls-key <file>", "its key (PEM)")
    .option("--syslog <url>", "listen for syslog: udp://ADDRESS:PORT, tcp://…, tls://…; may be repeated", several)
    .option("--trust-proxy <address>", "a proxy in front that ends TLS; may be repeated", several)
    .option("--catalog <folder>", "who answers for what: a folder with catalog-info.yaml files, read again when they change")
    .option("--audit-heads <folder>", "publish signed states of the audit here; a folder that is write-once, or that another machine keeps")
    .option("--public-url <url>", "where people reach the UI, for links in messages", webAddress)
    .option("--allow-host <host:port>", "a destination inside the company that messages may go to; may be repeated", several)
    .option("--mail-from <address>", "whom mail comes from; the mail server is SMTP_URL")
    .option("--sso <file>", "single sign-on: an OpenID provider, as a YAML file; its secret is CORDUROY_OIDC_SECRET")
    .addHelpText("after", `
With DATABASE_URL in the environment it runs on that PostgreSQL (15 or newer) instead of its own.
With SMTP_URL (smtp://user:password@host:587) it can send mail.
With CORDUROY_KEY (64 hex digits) or CORDUROY_KMS_KEY (the ARN of a key of AWS KMS) the keys in the data folder are encrypted with that one.

Examples:
  corduroy up
  corduroy up --demo
  corduroy up --data /srv/corduroy --port 8080
  corduroy up --catalog ./catalog --public-url https://corduroy.corp.example
  corduroy up --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
  corduroy up --syslog 'udp://0.0.0.0:5514?from=10.0.0.0/8' --syslog 'tls://0.0.0.0:6514?cert=cert.pem&key=key.pem'`)
    .action(async (options) => (await import("../up.ts")).upCommand(options));

  asksService(root.command("watch"))
    .description("feed the service with files that grow; each record once")
    .argument("<path...>", "files, folders or globs")
    .option("--source <id>", "take every record for this source (default: told from the content)")
    .option("--once", "send what is there, and end", false)
    .option("--interval <span>", "look for news so often: 5s, 500ms, 2m", span, 5_000)
    .addHelpText("after", `
It needs a token that may hand in events (scope events:SOURCE), and keeps its place in $XDG_STATE_HOME/corduroy/watch.
Exit code: 0 it was told to stop, 2 it could not run, or the service refuses the events.

Examples:
  corduroy watch /var/log/app
  corduroy watch ./AWSLogs --source aws.cloudtrail --once
  corduroy watch '/var/log/app/*.ndjson' --interval 500ms --server https://corduroy.example.com`)
    .action(async (paths: string[], options) => (await import("../watch/watch.ts")).watchCommand(paths, options));

  asksService(root.command("login"))
    .description("keep an API token for a service; it is read from standard input")
    .option("--me <name>", "who you are there, for \"assign ID me\"")
    .addHelpText("after", `
Make the token in the UI, under Settings, Tokens: "read" to look, "write" to work on findings, "sources" to say what is collected,
"audit" to check the trail, "events:SOURCE" to hand in events. One token can have several.
CORDUROY_TOKEN in the environment goes first.

Examples:
  corduroy login
  corduroy login --server https://corduroy.example.com --me Anna < token-file`)
    .action(async (options) => (await import("../service/login.ts")).loginCommand(options));

  asksService(root.command("logout"))
    .description("forget the token for a service")
    .addHelpText("after", `
Example:
  corduroy logout --server https://corduroy.example.com`)
    .action(async (options) => (await import("../service/login.ts")).logoutCommand(options));

  asksService(root.command("query"))
    .description("ask the lake with SQL: that of the service, or one in a folder")
    .argument("<sql>", "one SELECT; the views are events, one for each source, signals and dead_letters")
    .option("--lake <folder>", "a lake in a folder, as scan --keep makes it, instead of the service's")
    .option("--team <name>", "only rows of accounts that the catalog gives to this team; none: to no team")
    .option("--environment <name>", "only rows of accounts in this environment: production, staging, development; unknown: in none that the catalog knows")
    .addOption(new Option("--format <format>", "how to print the rows").choices(["table", "json", "ndjson", "csv"]).default("table"))
    .option("--limit <rows>", "print at most this many rows", positive)
    .option("--timeout <seconds>", "give up after this long", positive, 300)
    .addHelpText("after", `
Ctrl-C ends the query, at the service too.

Examples:
  corduroy query "select source, count(*) from events group by all"
  corduroy query --team payments --environment production "select time, entity_name, operation from events order by time desc limit 20"
  corduroy query --lake ./lake "select operation, count(*) from events group by all order by 2 desc limit 20"
  corduroy query --lake ./lake --format csv "select time, entity_name, address from events where operation = 'ConsoleLogin'"`)
    .action(async (sql: string, options) => (await import("../query.ts")).queryCommand(sql, options));

  const sources = root.command("sources").description("where the service's events come from");
  asksService(sources.command("list"))
    .description("sources with volume, lag and size, and what brings their events")
    .addOption(new Option("--format <format>", "what to print").choices(["table", "json"]).default("table"))
    .addHelpText("after", `
Example:
  corduroy sources list`)
    .action(async (options) => (await import("../sources/commands.ts")).listCommand(options));
  asksService(sources.command("add"))
    .description("collect a source: a vendor's log by asking for it, or a bucket or container by listing it, or a bucket through the queue that tells of its objects")
    .argument("<what>", `a vendor: ${VENDORS.join(", ")}; or the id of a source that comes through S3: aws.cloudtrail`)
    .option("--sqs <url>", "the queue of the bucket's notifications")
    .option("--bucket <address>", "the bucket, or a folder in it: s3://bucket/folder")
    .option("--container <url>", "the container of Azure Storage, or a folder in it: https://ACCOUNT.blob.core.windows.net/CONTAINER")
    .option("--sas", "the secret is a shared access signature of the container, and not that of an application")
    .option("--role <arn>", "the role to take for the queue, the bucket or guardduty")
    .option("--address <url>", "okta: the org; azure-event-hubs: the namespace, for an application; others: the API, where it is not the usual one")
    .option("--organisation <name>", "github: the organisation")
    .option("--tenant <id>", "microsoft-graph, azure-event-hubs, a container: the tenant's id or domain")
    .option("--client <id>", "microsoft-graph, azure-event-hubs, a container: the application's id")
    .option("--log <name>", "microsoft-graph: signIns, directoryAudits, riskDetections or alerts")
    .option("--admin <address>", "google-workspace: the administrator on whose behalf it asks")
    .option("--application <name>", "google-workspace: login, admin, drive, token or another; a collector for each")
    .option("--region <name>", "guardduty: the region")
    .option("--detector <id>", "guardduty: the detector's id")
    .option("--hub <name>", "azure-event-hubs: the hub, where the connection string does not name it")
    .option("--group <name>", "azure-event-hubs: the consumer group (default: $Default)")
    .option("--source <id>", "azure-event-hubs: what all its records are (default: each tells)")
    .option("--since <time>", "a vendor's log, or what was last changed in a bucket or container, from then on: 7d, 24h, 2026-11-01 (default: 24h)")
    .option("--secret-file <file>", "the vendor's secret (default: standard input, or it is asked for)")
    .addHelpText("after", `
The secret is kept sealed by the service, and never shown again. What it must be allowed to stands on the source's page, under docs/sources.

Examples:
  corduroy sources add okta --address https://corp.okta.com --since 7d < token-file
  corduroy sources add github --organisation corp < token-file
  corduroy sources add microsoft-graph --tenant corp.example --client 1b4e28ba-2fa1-11d2-883f-0016d3cca427 --log signIns < secret-file
  corduroy sources add google-workspace --admin reader@corp.example --application login < key-file.json
  corduroy sources add guardduty --region eu-west-1 --detector 12abc34d567e8fa901bc2d34e56789f0
  corduroy sources add azure-event-hubs --group corduroy < connection-string-file
  corduroy sources add azure-event-hubs --address sb://corp.servicebus.windows.net --hub logs --tenant corp.example --client 1b4e28ba-2fa1-11d2-883f-0016d3cca427 < secret-file
  corduroy sources add aws.cloudtrail --sqs https://sqs.eu-west-1.amazonaws.com/111122223333/trail --role arn:aws:iam::111122223333:role/corduroy
  corduroy sources add aws.cloudtrail --bucket s3://trail/AWSLogs --since 7d
  corduroy sources add azure.activity --container https://logs.blob.core.windows.net/insights-activity-logs --tenant corp.example --client 1b4e28ba-2fa1-11d2-883f-0016d3cca427 < secret-file`)
    .action(async (what: string, options) => (await import("../sources/commands.ts")).addCommand(what, options));
  asksService(sources.command("drift"))
    .description("new fields and changed types in what vendors send: the newest days beside those before")
    .argument("[source]", "its id (default: all sources)")
    .option("--lake <folder>", "a lake in a folder, as scan --keep makes it, instead of the service's")
    .addOption(new Option("--format <format>", "what to print").choices(["table", "json"]).default("table"))
    .addHelpText("after", `
It looks at a bounded number of records of each day, and says at how many.

Examples:
  corduroy sources drift
  corduroy sources drift okta.system --lake ./lake`)
    .action(async (source: string | undefined, options) => (await import("../look/drift.ts")).driftCommand(source, options));
  asksService(sources.command("backfill"))
    .description("fetch an older part of a vendor's log, a bucket or a container, beside what is new")
    .argument("<collector>", "its id, or the source or vendor that has no other")
    .requiredOption("--since <time>", "from then on: 30d, 2026-11-01")
    .addHelpText("after", `
What is in the lake already is told by the vendor's ids, or by its version in the bucket, and not stored again.

Example:
  corduroy sources backfill okta --since 30d`)
    .action(async (which: string, options) => (await import("../sources/commands.ts")).backfillCommand(which, options));
  asksService(sources.command("test"))
    .description("ask a collector's queue, store or vendor once, and say what permission is missing")
    .argument("<collector>", "its id, or the source or vendor that has no other")
    .addHelpText("after", `
Nothing is taken in. Exit code: 0 it works, 1 it does not, 2 it could not be tried.

Example:
  corduroy sources test okta`)
    .action(async (which: string, options) => (await import("../sources/commands.ts")).testCommand(which, options));
  asksService(sources.command("quarantine"))
    .description("what was received and put aside, since workers died of it")
    .addOption(new Option("--format <format>", "what to print").choices(["table", "json"]).default("table"))
    .addHelpText("after", `
It is not in the lake. Its bytes are kept in spool/quarantine of the data folder.

Example:
  corduroy sources quarantine`)
    .action(async (options) => (await import("../sources/commands.ts")).quarantineCommand(options));
  asksService(sources.command("retry"))
    .description("have something tried again that is in quarantine")
    .argument("<segment>", "its id")
    .addHelpText("after", `
Example:
  corduroy sources retry 20261121T174831204Z-518ab3a270bab91c`)
    .action(async (segment: string, options) => (await import("../sources/commands.ts")).retryCommand(segment, options));
  for (const [name, about, paused] of [["pause", "stop collecting for a while", true], ["resume", "let a collector go on", false]] as const) {
    asksService(sources.command(name))
      .description(about)
      .argument("<collector>", "its id, or the source or vendor that has no other")
      .addHelpText("after", `
Example:
  corduroy sources ${name} aws.cloudtrail`)
      .action(async (which: string, options) => (await import("../sources/commands.ts")).pauseCommand(which, { ...options, paused }));
  }
  asksService(sources.command("remove"))
    .description("end a collector; its events stay")
    .argument("<collector>", "its id, or the source or vendor that has no other")
    .addHelpText("after", `
Example:
  corduroy sources remove aws.cloudtrail`)
    .action(async (which: string, options) => (await import("../sources/commands.ts")).removeCommand(which, options));

  asksService(root.command("audit").description("the service's audit trail").command("verify"))
    .description("compare the audit trail with its seals")
    .addHelpText("after", `
Exit code: 0 it is as it was sealed, 1 it is not, 2 it could not be asked.

Example:
  corduroy audit verify`)
    .action(async (options) => (await import("../audit.ts")).verifyCommand(options));
}
