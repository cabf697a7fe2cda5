/** package-lock.json and npm's own record in node_modules, as far as they are read. */
interface Lock {
  packages: Record<string, { version?: string; integrity?: string; optional?: boolean; dev?: boolean }>
}
export function lacksPackage(wanted: Lock, installed: Lock, options?: { dev?: boolean }): boolean
/** Whether `npm ci` has something to do below `root`. */
export function packagesAreMissing(root: string, options?: { dev?: boolean }): boolean
/** Installs exactly what package-lock.json says. */
export function installPackages(root: string): Promise<unknown>
