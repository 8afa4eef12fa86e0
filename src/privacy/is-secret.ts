/**
 * Tells from a file's name whether it may hold secrets: passwords, keys, certificates or tokens. Such a file is never
 * completed, and never shown to the model beside another. Only the name counts, in upper or lower case; nothing is read.
 */

/** @param path or address, with `/` or `\`; at least the last folder and the name, better the whole */
export function isSecret(path: string): boolean {
  const whole = path.toLowerCase().replaceAll('\\', '/');
  const name = whole.slice(whole.lastIndexOf('/') + 1);
  return secretPaths.some(pattern => pattern.test(whole)) || secretNames.some(pattern => pattern.test(name));
}

/** Folders and files where programs keep their passwords and tokens. */
const secretPaths: readonly RegExp[] = [
  /(^|\/)\.(ssh|aws|gnupg)\//,
  // Not the folders below: projects keep pipelines and templates there.
  /(^|\/)\.(azure|kube)\/[^/]*$/,
  // Not the other files of `.docker`: projects build images from them.
  /(^|\/)\.docker\/config\.json$/,
  // The address of a remote may contain a token.
  /(^|\/)\.git\/(.+\/)?config(\.worktree)?$/,
];

const secretNames: readonly RegExp[] = [
  // Environments. `.env.example` too, because users fill it in. Not `.env.d.ts`, which has only types.
  /^\.env(?!(\..*)?\.d\.[cm]?ts$)/,
  /\.env$/,
  // Keys, certificates and their stores.
  /\.(pem|key|ppk|gpg|p8|p12|pfx|pkcs12|p7b|crt|cer|der|csr|jks|keystore|truststore|kdbx?|ovpn)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)/,
  // Files with the passwords and tokens of programs.
  /^[._](netrc|htpasswd|pgpass|npmrc|yarnrc|pypirc|dockercfg|dockerconfigjson|s3cfg|boto|git-credentials|vault-token)$/,
  /^\.my(login)?\.cnf$/,
  /^(kubeconfig|.*\.kubeconfig)$/,
  /^(.*[._-])?(credentials?|service[._-]?account[^.]*)(\.(json|ya?ml|toml|ini|xml|csv|txt|properties|enc))?$/,
  /^client[._-]?secrets?.*\.json$/,
  /firebase[._-]adminsdk.*\.json$/,
  // Data files only, because a source such as `secret.go` handles secrets and holds none. MicroPython and Arduino are the
  // exception: they keep secrets in source files.
  /^(.*[._-])?secrets?(\..*)?\.(json|ya?ml|toml|ini|xml|csv|txt|properties|enc)$/,
  /^(arduino_)?secrets?\.(py|h)$/,
  /^\.?secrets?$/,
  /^\.secrets?\./,
  /\.secrets?$/,
  /\.(tfvars|tfstate)(\.json|\.backup)?$/,
];
