export function bundle(root: string): Promise<void>
export function bundleTests(root: string): Promise<void>
