/** How long something took: `4 s`, `2 min 10 s`, `3 h 5 min`, `2 d 4 h`. Pure. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  const days = Math.floor(hours / 24)
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`
}

/** How long something usually takes: nobody needs it to the second. Pure. */
export function roughly(ms: number): string {
  return ms < 100_000 ? spanText(ms) : spanText(Math.round(ms / 60_000) * 60_000)
}
