export const themeCookie = 'kosu_theme'
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const isTheme = (value: string | undefined): value is Theme => themes.some((theme) => theme === value)

/** Run before the first paint, as text in the page's head. */
export const themeScript = `(() => {
  const root = document.documentElement
  if (root.dataset.chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches) root.dataset.theme = 'dark'
})()`

/**
 * Shows the theme at once, and goes with the system where that is chosen; returns what stops it.
 *
 * Also where the script has not run: pages that are not found are made by the browser, which leaves it out.
 */
export function followTheme(theme: Theme): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const { dataset } = document.documentElement
  const show = () => {
    dataset.chosen = theme
    dataset.theme = theme === 'dark' || (theme === 'system' && dark.matches) ? 'dark' : 'light'
  }
  show()
  dark.addEventListener('change', show)
  return () => dark.removeEventListener('change', show)
}
