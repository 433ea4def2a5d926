'use client'
import { useMutation } from '@tanstack/react-query'
import { Award } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'

/** For who has finished the course. */
export function CertificateCard({ slug }: { slug: string }) {
  const t = useTranslations('learning')
  const explain = useProblemWords()
  const router = useRouter()
  const issue = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/courses/{slug}/certificate', { params: { path: { slug } } })),
    onSuccess: ({ code }) => router.push(`/certificates/${code}`),
  })
  return (
    <section role="status" className="grid justify-items-start gap-2 rounded-2xl bg-good-soft p-4 text-good">
      <h2 className="flex items-center gap-2 text-lg font-bold">
        <Award className="size-5" aria-hidden />
        {t('congratulations')}
      </h2>
      <p className="text-[0.9375rem]">{t('congratulationsText')}</p>
      <Button className="mt-1" busy={issue.isPending || issue.isSuccess} onClick={() => issue.mutate()}>
        {t('getCertificate')}
      </Button>
      {issue.isError && (
        <p role="alert" className="text-sm text-bad">
          {explain(issue.error)}
        </p>
      )}
    </section>
  )
}
