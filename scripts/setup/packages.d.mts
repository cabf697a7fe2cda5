/** package-lock.json and npm's own record in node_modules, as far as they are read. */
interface Lock {
  packages: Record<string, { version?: string; integrity?: string; optional?: boolean }>
}
export function lacksPackage(wanted: Lock, installed: Lock): boolean
