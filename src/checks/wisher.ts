/** Who wants a check, as its keys name them: a pull request, or the commit that a merge queue made of it. */
export function wisherOf(pullRequest: number, mergeGroup: string | undefined): string {
  return mergeGroup === undefined ? String(pullRequest) : `group-${mergeGroup}`
}
