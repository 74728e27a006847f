/**
 * zod compiles its schemas where it may. The content policy forbids that here, and each attempt would be reported as an attack. The build puts this file
 * before all others: zod looks for the setting while it is loaded, earlier than any call of `z.config` could be.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
