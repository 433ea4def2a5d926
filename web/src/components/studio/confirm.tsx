'use client'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent } from '@/components/ui/dialog'

type Props = {
  open: boolean
  title: string
  text: string
  action: string
  onClose: () => void
  onConfirm: () => void
}

/** Asks before something that cannot be undone. */
export function Confirm({ open, title, text, action, onClose, onConfirm }: Props) {
  const t = useTranslations('common')
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent title={title} description={text}>
        <div className="flex flex-wrap justify-end gap-3">
          <Button tone="ghost" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            tone="danger"
            onClick={() => {
              onConfirm()
              onClose()
            }}
          >
            {action}
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  )
}
