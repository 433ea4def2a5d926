'use client'
import { Tabs as Base } from '@base-ui/react/tabs'
import { cn } from '@/lib/cn'

export const Tabs = Base.Root
export const TabPanel = Base.Panel

export function TabList({ className, ...props }: React.ComponentProps<typeof Base.List> & { className?: string }) {
  return <Base.List className={cn('relative flex gap-1 overflow-x-auto border-b border-line', className)} {...props} />
}

export function Tab({ className, ...props }: React.ComponentProps<typeof Base.Tab> & { className?: string }) {
  return (
    <Base.Tab
      className={cn(
        'h-12 shrink-0 border-b-2 border-transparent px-4 font-semibold text-muted -outline-offset-2 hover:text-ink data-active:border-accent data-active:text-ink',
        className,
      )}
      {...props}
    />
  )
}
