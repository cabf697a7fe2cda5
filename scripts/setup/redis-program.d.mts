export function findRedisProgram(path?: string): string | undefined
export function isNewEnough(answer: string): boolean
