import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'

const part =
  'grid h-11 min-w-11 shrink-0 place-items-center rounded-full text-white hover:bg-white/15 aria-disabled:opacity-50'

type ButtonProps = Omit<React.ComponentProps<'button'>, 'children'> & { label: string; icon: LucideIcon }

/** A button of the control bar: its label is its tooltip, too. */
export function BarButton({ label, icon: Icon, className, ...props }: ButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} className={clsx(part, className)} {...props}>
      <Icon className="size-5" aria-hidden />
    </button>
  )
}

type SelectProps = {
  label: string
  value: string
  options: readonly (readonly [value: string, name: string])[]
  onChoose: (value: string) => void
  className?: string
  children: React.ReactNode
}

/** A choice of the control bar, by the browser's own list: it opens in full screen and on phones as well. */
export function BarSelect({ label, value, options, onChoose, className, children }: SelectProps) {
  return (
    <label
      title={label}
      className={clsx(
        part,
        'relative cursor-pointer text-sm font-bold tabular-nums has-focus-visible:outline-2 has-focus-visible:outline-glow',
        className,
      )}
    >
      <span aria-hidden className="grid place-items-center px-1.5">
        {children}
      </span>
      <select
        aria-label={label}
        value={value}
        onChange={({ currentTarget }) => onChoose(currentTarget.value)}
        className="absolute inset-0 w-full cursor-pointer opacity-0"
      >
        {options.map(([each, name]) => (
          <option key={each} value={each} className="bg-surface text-ink">
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
