import type { Metadata } from 'next'
import { CertificateSheet } from '@/components/certificate/certificate-sheet'
import { NoCertificate } from '@/components/certificate/no-certificate'
import { getTranslations } from '@/i18n/server'
import { readCertificate } from '@/lib/catalog/certificates'

type Props = { params: Promise<{ code: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations('certificate')
  const read = await readCertificate((await params).code)
  return {
    title: 'certificate' in read ? t('title', { name: read.certificate.learner_name }) : t('noneTitle'),
    // It is for those who were given its code.
    robots: { index: false },
  }
}

/** Whether somebody did complete a course: what a certificate's code proves. */
export default async function CertificatePage({ params }: Props) {
  const { code } = await params
  const read = await readCertificate(code)
  return 'certificate' in read ? (
    <CertificateSheet certificate={read.certificate} />
  ) : (
    <NoCertificate code={code} why={read.missing} />
  )
}
