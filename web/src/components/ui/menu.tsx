'use client'
import { Menu as Base } from '@base-ui/react/menu'
import { cn } from '@/lib/cn'

export const Menu = Base.Root
export const MenuTrigger = Base.Trigger

export function MenuContent({ className, children }: { className?: string; children: React.ReactNode }) {
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={8} align="end" className="z-40">
        <Base.Popup
          className={cn(
            'min-w-52 rounded-card border border-line bg-surface p-1.5 text-ink shadow-lift transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0',
            className,
          )}
        >
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  )
}

const item =
  'flex min-h-11 w-full cursor-pointer items-center gap-2.5 rounded-xl px-3 text-[0.9375rem] data-highlighted:bg-ink/7'

/** `render={<Link href=… />}` makes it a link. */
export function MenuItem({ className, ...props }: React.ComponentProps<typeof Base.Item> & { className?: string }) {
  return <Base.Item className={cn(item, className)} {...props} />
}

export function MenuSeparator() {
  return <Base.Separator className="mx-3 my-1.5 h-px bg-line" />
}
