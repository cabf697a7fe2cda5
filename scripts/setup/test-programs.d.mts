export interface TestProgram {
  program: string
  package: string
  /** Other names that it goes by. */
  aliases?: string[]
}
export const testPrograms: TestProgram[]
export function findTestProgram(name: string, path?: string): string | undefined
export function missingPackages(
  programs: TestProgram[],
  find: (program: string) => string | undefined,
): string[]
export function installsTestPrograms(options: Set<string>, env: Record<string, string | undefined>): boolean
