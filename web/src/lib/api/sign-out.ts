'use client'
import { api } from './client'
import { answer } from './problem'
import { markSignedOut } from './session'

/** Ends this device's session, and loads the home page anew: nothing of the account stays in memory. */
export async function signOut() {
  await answer(api.POST('/api/v1/auth/logout'))
  markSignedOut()
  location.replace('/')
}
