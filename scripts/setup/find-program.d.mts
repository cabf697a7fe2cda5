export function programsNamed(name: string, path?: string): string[]
