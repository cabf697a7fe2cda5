export function orphans(sources: string[], built: string[]): string[]
export function build(root: string): Promise<void>
export function buildIsStale(root: string): boolean
