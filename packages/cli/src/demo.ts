export async function demoCommand(_options: unknown): Promise<void> {}
