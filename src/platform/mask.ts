/**
 * Text with the password of each SIP URI (`sip:user:password@host`, RFC 3261 §19.1.1) made
 * unreadable. The lengths are bounded so that hostile text takes no longer than other text.
 */
export function maskPasswords(text: string): string {
  return text.replace(/(sips?:[^\s:@<>"]{0,200}):[^\s@<>"]{0,200}@/gi, '$1:***@');
}
