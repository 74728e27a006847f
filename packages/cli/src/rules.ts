export async function checkCommand(_paths: string[], _options: unknown): Promise<void> {}
export async function testCommand(_paths: string[]): Promise<void> {}
