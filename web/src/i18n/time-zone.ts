export const timeZoneCookie = 'kosu_tz'

// Where most of Kosu's learners are; the browser says at its first visit where it is.
const unknownTimeZone = 'Asia/Seoul'

/** The zone of that name, where there is one. */
export function knownTimeZone(name: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name ?? unknownTimeZone }).resolvedOptions().timeZone
  } catch {
    return unknownTimeZone
  }
}
