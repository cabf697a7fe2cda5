import { join } from 'node:path'
import { hostOf } from '../src/redis/key-prefix.ts'

/** The folder of a GitHub's repositories in the cache: they are known by their ids, which mean nothing at another. Pure. */
export function cacheOfHost(cacheDir: string, githubServerUrl: string): string {
  const host = hostOf(githubServerUrl)
  return host === 'github.com' ? cacheDir : join(cacheDir, host.replaceAll(':', '_'))
}
