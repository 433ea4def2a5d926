import { cva, type VariantProps } from 'class-variance-authority'
import { cn } from '@/lib/cn'

/** Also for links that look like buttons. */
export const buttonStyles = cva(
  'inline-flex items-center justify-center gap-2 rounded-full font-semibold whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-55 aria-disabled:pointer-events-none aria-disabled:opacity-55',
  {
    variants: {
      tone: {
        accent: 'bg-accent text-on-accent hover:bg-accent-strong',
        ink: 'bg-ink text-paper hover:bg-ink/85',
        outline: 'border border-line bg-surface text-ink hover:border-ink/40',
        ghost: 'text-ink hover:bg-ink/7',
        danger: 'border border-bad/40 bg-surface text-bad hover:bg-bad-soft',
      },
      size: { sm: 'h-9 px-4 text-sm', md: 'h-11 px-5 text-[0.9375rem]', lg: 'h-13 px-7 text-base', icon: 'size-11' },
    },
    defaultVariants: { tone: 'accent', size: 'md' },
  },
)

type Props = React.ComponentProps<'button'> & VariantProps<typeof buttonStyles> & { busy?: boolean }

/** While busy it keeps its place, its words and the focus, and does nothing. */
export function Button({ className, tone, size, type = 'button', busy = false, onClick, children, ...props }: Props) {
  return (
    <button
      type={busy ? 'button' : type}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={cn(buttonStyles({ tone, size }), className)}
      {...props}
    >
      {busy && (
        <span
          aria-hidden
          className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent motion-reduce:hidden"
        />
      )}
      {children}
    </button>
  )
}
