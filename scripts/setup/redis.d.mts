interface Machine {
  platform: string
  isRoot: boolean
  runs: (command: string, args: string[]) => boolean
}
export function redisInstaller(machine: Machine): [command: string, args: string[]] | undefined
