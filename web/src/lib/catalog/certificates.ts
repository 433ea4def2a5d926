import 'server-only'
import { cache } from 'react'
import { answer, Problem } from '@/lib/api/problem'
import { serverApi } from '@/lib/api/server'
import type { Certificate } from './types'

/** Why there is no certificate to show: its code was mistyped, or was never given out. */
export type Missing = 'mistyped' | 'unknown'

export const readCertificate = cache(
  async (code: string): Promise<{ certificate: Certificate } | { missing: Missing }> => {
    const asked = { params: { path: { code } }, headers: { accept: 'application/json' } }
    try {
      return { certificate: await answer((await serverApi()).GET('/api/v1/certificates/{code}', asked)) }
    } catch (problem) {
      if (problem instanceof Problem && problem.code === 'certificate_code_mistyped') return { missing: 'mistyped' }
      if (problem instanceof Problem && problem.status === 404) return { missing: 'unknown' }
      throw problem
    }
  },
)
