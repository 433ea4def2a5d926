'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { cn } from '@/lib/cn'

export const Dialog = Base.Root
export const DialogTrigger = Base.Trigger
export const DialogClose = Base.Close

type Props = { title: string; description?: string; className?: string; children: React.ReactNode }

export function DialogContent({ title, description, className, children }: Props) {
  const t = useTranslations('common')
  return (
    <Base.Portal>
      <Base.Backdrop className="fixed inset-0 z-40 bg-night/70 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
      <Base.Popup
        className={cn(
          'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[min(34rem,calc(100vw-2rem))] -translate-1/2 flex-col overflow-hidden rounded-card bg-surface text-ink shadow-lift transition-all data-ending-style:scale-95 data-ending-style:opacity-0 data-starting-style:scale-95 data-starting-style:opacity-0',
          className,
        )}
      >
        <div className="flex items-center justify-between gap-4 px-5 py-3.5">
          <Base.Title className="text-lg font-bold">{title}</Base.Title>
          <Base.Close aria-label={t('close')} className="grid size-11 place-items-center rounded-full hover:bg-ink/7">
            <X className="size-5" aria-hidden />
          </Base.Close>
        </div>
        <div className="overflow-y-auto px-5 pb-5">
          {description && <Base.Description className="mb-4 text-muted">{description}</Base.Description>}
          {children}
        </div>
      </Base.Popup>
    </Base.Portal>
  )
}
