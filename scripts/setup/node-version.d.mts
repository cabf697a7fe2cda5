export function nodeComplaint(version: string, range: string): string | undefined
