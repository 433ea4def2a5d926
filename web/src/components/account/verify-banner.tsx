'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { useMe, type Me } from '@/lib/api/me'
import { answer } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'

/** For who has not confirmed the e-mail address yet. */
export function VerifyBanner({ known }: { known: Me | undefined }) {
  const t = useTranslations('settings.unverified')
  const explain = useProblemWords()
  const { data: me } = useMe(known)
  const resend = useMutation({ mutationFn: () => answer(api.POST('/api/v1/auth/email/resend')) })
  if (!me || me.email_verified) return null
  return (
    <Notice tone="warn">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-64">
          {resend.isSuccess ? t('sent', { email: me.email }) : t('text', { email: me.email })}
        </p>
        {!resend.isSuccess && (
          <Button tone="outline" busy={resend.isPending} onClick={() => resend.mutate()}>
            {t('resend')}
          </Button>
        )}
      </div>
      {resend.isError && (
        <p role="alert" className="mt-2 font-semibold">
          {explain(resend.error)}
        </p>
      )}
    </Notice>
  )
}
