export async function queryCommand(_sql: string, _options: unknown): Promise<void> {}
