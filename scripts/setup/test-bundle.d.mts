export const testBundleFolder: string
export function testBundleOf(file: string): string
