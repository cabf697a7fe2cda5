/** Where the test files are that `npm test` runs: each loads a few files instead of a thousand. */
export const testBundleFolder = 'dist/bundle-tests'

/** The name in that folder of what is made of a test file (`test/flow/tags.test.ts`): all lie side by side. */
export function testBundleOf(file) {
  return file
    .replace(/^test\//, '')
    .replace(/\.ts$/, '.js')
    .replaceAll('/', '--')
}
