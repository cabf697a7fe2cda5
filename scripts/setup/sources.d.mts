export function filesBelow(root: string, folder: string): string[]
export function fingerprint(root: string): string
