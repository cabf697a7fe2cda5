// npm run build: TypeScript to dist/, whether or not it is out of date.
import { fileURLToPath } from 'node:url'
import { build } from './setup/build.mjs'

try {
  await build(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
