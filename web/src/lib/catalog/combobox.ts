/**
 * The option that a key moves to, in a list of so many that opens below a text field; null is the text field itself.
 *
 * Source: WAI-ARIA Authoring Practices, combobox with list autocomplete.
 */
export function optionAfter(key: string, active: number | null, count: number): number | null {
  if (count === 0) return null
  if (key === 'ArrowDown') return active === null ? 0 : active === count - 1 ? null : active + 1
  if (key === 'ArrowUp') return active === null ? count - 1 : active === 0 ? null : active - 1
  return active
}
