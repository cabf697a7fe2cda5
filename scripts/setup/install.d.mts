interface Machine {
  platform: string
  isRoot: boolean
  runs: (command: string, args: string[]) => boolean
}
interface Wanted {
  redis: boolean
  /** Debian's names for them. */
  packages: string[]
}
export function installer(machine: Machine, wanted: Wanted): [command: string, args: string[]] | undefined
