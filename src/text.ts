/** At most `limit` code points of a text, the last an ellipsis where it was cut. */
export function truncate(text: string, limit: number): string {
  const points = [...text]
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`
}
