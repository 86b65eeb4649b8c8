/** Encrypts and signs with keys derived for one purpose each; old keys still decrypt and verify. */
export interface KeyRing {
  /**
   * Encrypts text so that only the same purpose and context can read it; another result each time. It begins with a version,
   * such as `v1.`, and has letters, digits and `_-.` only: so a sealed text is told from a plain one.
   */
  encrypt(purpose: string, plaintext: string, context?: string): string;
  /** Reads what `encrypt` made; throws `DecryptionError` when key, purpose, context or text differ. */
  decrypt(purpose: string, sealed: string, context?: string): string;
  /** Signs text for a purpose. */
  sign(purpose: string, text: string): string;
  /** Tells in constant time whether the signature was made for this purpose and text by a known key. */
  verify(purpose: string, text: string, signature: string): boolean;
}
