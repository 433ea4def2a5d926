'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { useProblemWords } from '@/lib/api/words'

type Props = {
  open: boolean
  title: string
  text: string
  action: string
  tone?: 'danger' | 'accent'
  /** What leaves everything as it is. */
  cancel?: string
  /** Rejects with what is to be told, and it stays open. */
  act: () => Promise<unknown>
  onClose: () => void
  /** What has to be given with it. */
  children?: React.ReactNode
}

/** Asks before something is done that is not easily undone. */
export function Confirm({ open, title, text, action, tone = 'danger', cancel, act, onClose, children }: Props) {
  const t = useTranslations('common')
  const explain = useProblemWords()
  const doing = useMutation({ mutationFn: act, onSuccess: onClose })
  const close = () => {
    doing.reset()
    onClose()
  }
  return (
    <Dialog open={open} onOpenChange={(next) => !next && close()}>
      <DialogContent title={title} description={text}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            event.stopPropagation() // it is no part of a form that it was asked from
            doing.mutate()
          }}
        >
          {children}
          {doing.isError && <Notice tone="bad">{explain(doing.error)}</Notice>}
          <div className="flex flex-wrap justify-end gap-3">
            <Button tone="ghost" onClick={close}>
              {cancel ?? t('cancel')}
            </Button>
            <Button type="submit" tone={tone} busy={doing.isPending}>
              {action}
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  )
}
