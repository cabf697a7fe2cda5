import { messageOf } from '../../errors/errors.ts'
import type { Finding, Mendable } from './finding.ts'

/** The finding as it is once it was mended, if that is wanted and possible. */
export async function mended({ mend, ...finding }: Mendable, fix: boolean): Promise<Finding> {
  if (mend === undefined) return finding
  if (!fix) return finding.level === 'ok' ? finding : withTodo(finding, 'livraison doctor --fix does that.')
  try {
    const { level: _level, todo: _todo, ...rest } = finding
    return { level: 'ok', ...rest, done: await mend() }
  } catch (error) {
    return withTodo(finding, `--fix could not do it: ${messageOf(error)}`)
  }
}

function withTodo(finding: Finding, more: string): Finding {
  return { ...finding, todo: finding.todo === undefined ? more : `${finding.todo} ${more}` }
}
