export const themeCookie = 'kosu_theme'
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const isTheme = (value: string | undefined): value is Theme => themes.some((theme) => theme === value)

/**
 * Run before the first paint, as text in the page's head: a choice of 'system' follows the system, also when that
 * changes.
 */
export const themeScript = `(() => {
  const root = document.documentElement
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const follow = () => {
    if (root.dataset.chosen !== 'system') return
    root.dataset.theme = dark.matches ? 'dark' : 'light'
  }
  follow()
  dark.addEventListener('change', follow)
})()`

/** Shows the theme at once. */
export function showTheme(theme: Theme) {
  const root = document.documentElement
  root.dataset.chosen = theme
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
}
