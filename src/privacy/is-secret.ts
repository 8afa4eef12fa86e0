/**
 * Tells from a file's name and language whether it may hold secrets: passwords, keys, certificates or tokens. Such a file
 * is never completed, and never shown to the model beside another. Only the name counts, in upper or lower case; nothing
 * is read.
 *
 * The names are facts from these lists, read in November 2026:
 * - secret scanners: gitrob (core/signatures.go), shhgit (config.yaml), Talisman (filename_detector.go), gitleaks (rules
 *   with a path), PEASS-ng (build_lists/sensitive_files.yaml), and Plazmaz/leaky-repo, the files that scanners are
 *   measured with;
 * - files that must not be committed: github/gitignore;
 * - the files of VS Code's language `dotenv`;
 * - what programs say of their own files: Cloudflare's `.dev.vars`, rclone, dotenvx, Cargo, Kaggle, Databricks, Sentry, dbt,
 *   Snowflake, Oracle Cloud, Bundler, Netlify, Linode, and Drupal of its `settings.local.php`.
 *
 * What these lists name and we do not: source code that only often has a password in it (`settings.py`, `config.php`,
 * `schema.rb`), shell scripts (`.bashrc`), and data without passwords (`.log`, `.sqlite`).
 */

/**
 * @param path or address, with `/` or `\`; at least the last folder and the name, better the whole
 * @param languageId VS Code's id of the language. A new document has no name that says anything, but it has a language.
 */
export function isSecret(path: string, languageId = ''): boolean {
  if (secretLanguages.has(languageId)) return true;
  const whole = path.toLowerCase().replaceAll('\\', '/').replaceAll('%20', ' ');
  const folder = whole.slice(0, whole.lastIndexOf('/') + 1);
  const name = withoutCopyMarks(whole.slice(folder.length));
  return (
    secretPaths.some(pattern => pattern.test(folder + name)) ||
    secretNames.some(pattern => pattern.test(name)) ||
    (secretWords.some(pattern => pattern.test(name)) && !translations.test(folder))
  );
}

/** `dotenv` of VS Code and of dotenv.org, `env` of the extensions before it, `env-spec` of varlock. */
const secretLanguages: ReadonlySet<string> = new Set(['dotenv', 'env', 'env-spec']);

/** A copy of a secret file is as secret: `prod.env.bak`, `id_rsa.old`, `.env~`, `.secrets.yml.swp`, `credentials (1).json`. */
function withoutCopyMarks(name: string): string {
  const bare = name
    .replace(/^\.?#/, '')
    .replace(copyEnding, '')
    .replace(/( copy( \d+)?| - copy| ?\(\d+\))(?=\.|$)/, '');
  return bare === name || bare === '' ? name : withoutCopyMarks(bare);
}

/** What editors, package managers and people append to a copy, a template, or an encrypted file. */
const copyEnding =
  /(~|#|\.(bak|back|backup|bk|old|orig|original|prev|save|saved|sw[a-p]|tmp|temp|copy|dist|example|sample|template|tpl|tmpl|skel|default|disabled|rpmsave|rpmnew|dpkg-\w+|ucf-\w+|gpg|age|encrypted|\d[\d_-]*))$/;

/** The formats of data. Source code that is about secrets, such as `secret.go`, handles them and holds none. */
const data =
  '(json[5cl]?|ya?ml|toml|ini|xml|[ct]sv|txt|text|properties|props|enc|conf|config|cfg|plist|db|dat|xlsx?|lst|list)';
const stage =
  '(dev|development|local|test|testing|ci|qa|uat|stag|stage|staging|prod|production|live|private)';

/** Folders and files where programs keep their passwords and tokens. */
const secretPaths: readonly RegExp[] = [
  /(^|\/)\.(ssh|aws|gnupg|password-store|envs|roadtools_auth|vnc|cloudflared)\//,
  // Not the folders below: projects keep pipelines and templates there.
  /(^|\/)\.(azure|kube)\/[^/]*$/,
  // Not the other files of `.docker`: projects build images from them.
  /(^|\/)\.docker\/config\.json$/,
  // The address of a remote may contain a token.
  /(^|\/)\.git\/(.+\/)?config(\.worktree)?$/,
  /(^|\/)\.config\/(gcloud|doctl|configstore|filezilla|rclone)\//,
  /(^|\/)\.?config\/(hub|gh\/hosts\.ya?ml)$/,
  /(^|\/)(doctl\/config\.ya?ml|\.m2\/settings(-security)?\.xml|\.gradle\/gradle\.properties)$/,
  /(^|\/)(\.dbt\/profiles\.ya?ml|\.snowsql\/config|\.fly\/config\.ya?ml|\.codex\/config\.toml)$/,
  /(^|\/)(\.snowflake\/(config|connections)\.toml|\.(oci|bundle)\/config|\.netlify\/config\.json)$/,
  /(^|\/)(\.vscode\/sftp|firefox\/.*logins|\.?mozilla\/.*logins)\.json$/,
  /(^|\/)\.?idea\/(.*\/)?webservers\.xml$/,
  /(^|\/)(\.?purple\/accounts\.xml|\.?irssi\/config|\.?xchat2?\/servlist_?\.conf|\.?recon-ng\/keys\.db)$/,
  /(^|\/)(\.subversion\/auth\/|wireguard\/[^/]*\.conf$|system-connections\/)/,
  /(^|\/)etc\/(passwd|shadow|gshadow|master\.passwd)-?$/,
  // Docker and Rails keep each secret in a file of such a folder. Code, prose and a project's own files may be there too.
  new RegExp(
    `(^|/)\\.?(secrets?|credentials)/(?!(package|tsconfig|composer|kustomization|values|chart)\\b|(make|docker)file$|licen[cs]e$)([^/.]+|[^/]*\\.${data})$`,
  ),
];

const secretNames: readonly RegExp[] = [
  // Environments. `.env.example` too, because users fill it in. Not `.env.d.ts`, which has only types.
  /^\.env(rc|key|ironment|\d*)?([._-](?!(.*\.)?d\.[cm]?ts$).*)?$/,
  /\.env$/,
  // At most two words before: a Java package may have `env` in it.
  /^([^.]+\.){1,2}env[._-](?!(.*\.)?(d\.)?([cm]?[jt]sx?|py|rb|go|rs|java|kts?|php|cs|vue|svelte|md|mdx|html?|css|scss)$)/,
  new RegExp(`^env([._-]${stage})?$`),
  /^\.?(flaskenv|renviron|r?environ|.+\.renviron)(\..+)?$/,
  /^\.[\w-]+\.vars(\..+)?$/,
  // Keys, certificates and their stores.
  /\.(pem|key|keypair|ppk|pk8|gpg|pgp|psk|p8|p12|pfx|pkcs12|p7[abcs]|spc|crt|cert|cer|der|csr|ca-bundle|snk)$/,
  /\.(jks|jceks|bks|keystore|keyring|keychain|agilekeychain|keytab|truststore|kdbx?|kbx|kwallet|psafe3|bek|fve|tpm)$/,
  /\.(ovpn|tblk|rdp|rdg|cscfg|publishsettings|pubxml|pubxml\.user|mobileprovision|gnucash)$/,
  /(^|[._-])(rsa|dsa|ecdsa|ed25519)([._-]sk)?(\.pub)?$/,
  /^id_(rsa|dsa|ecdsa|ed25519)/,
  /^(ssh_)?host[._-]?(.*[._-])?key$/,
  /(key|secret|private|pgp|backup).*\.asc$/,
  /^(kdbx?|key(pair|store|ring)|.*[._]private[._-]?key|utc--.*|wallet\.dat|krb5cc_.*)$/,
  // Files with the passwords and tokens of programs.
  /^[._]?(netrc|htpasswd|proftpdpasswd|passwd|pgpass(\.conf)?|dockercfg|dockerconfigjson|s3cfg|boto|git-credentials)$/,
  /^[._]?(npmrc|yarnrc|pypirc|vault-token|authinfo|gitrobrc|sentryclirc|databrickscfg|httr-oauth|google_authenticator)$/,
  /^\.?(gitconfig|hgrc|tugboat|muttrc|esmtprc|msmtprc|fetchmailrc|getmailrc|mbsyncrc|offlineimaprc|wgetrc|curlrc|ldaprc)$/,
  /^\.?(trc|flyrc|terraformrc|terraform\.rc|ftpconfig|ftppass|remote-sync\.json|p4tickets|erlang\.cookie|rhosts|k5login)$/,
  /^\.(bluemix|extra|claude\.json|odbc\.ini|pg_service\.conf|runtimeconfig\.json|lesshst|viminfo)$/,
  /^\.(\w+_)?history$|^(bash|zsh|sh|mysql|psql|irb|python)_history$/,
  /^consolehost_history\.txt$/,
  /^\.my(login)?\.cnf$/,
  /^(debian|mariadb)\.cnf$/,
  /^(kubeconfig|.*\.kubeconfig|k3s\.yaml|rke2\.yaml|(bootstrap-)?kubelet\.conf)$/,
  /^\.?(rclone|pip|hostapd|wpa_supplicant|bitcoin|wg\d+)\.conf$/,
  /^(pip|odbc|winscp|wcx_ftp|ws_ftp|ffftp|sites|ventrilo_srv|grafana|freesshdservice|keepass\.config)\.ini$/,
  /^(filezilla|recentservers|sitemanager|tomcat-users|dbeaver-data-sources|(auto)?unattend(ed)?|sysprep)\.xml$/,
  /^jenkins\.plugins\.publish_over_ssh\.bapsshpublisherplugin\.xml$/,
  /^(jetty-realm|key|keystore|signing|release-signing|local)\.properties$/,
  /^(sftp-config(-alt\d*)?|deployment-config|heroku|robomongo|kaggle|mcp|\.mcp|adc|snyk|azureprofile|rootkey)(\.config)?\.(json|csv)$/,
  /^(google-services\.json|googleservice-info\.plist|firebase-tools\.json|local\.settings\.json)$/,
  /^(msal_token_cache\..*|service_principal_entries\..*|azurermcontext\.json|connectionstrings\.config)$/,
  /^(mongoid|database|vault)\.ya?ml$/,
  /^ftp\.(config|ini)$|^nuget\.config$|^\.yarnrc\.ya?ml$/,
  /^(secring|\.linode-cli|knife\.rb|settings\.local\.php)$/,
  /^(.*[._-])?(gcp|gcloud|gke|sa|firebase)[._-]?key(file)?\.json$|^keyfile\.json$/,
  /^(airflow|anaconda-ks)\.cfg$/,
  /^(github\.sublime-settings|configuration\.user\.xpl|hudson\.util\.secret|dump\.sql|.*\.?sqldump|psk\.txt|sslkeylog\.log)$/,
  /^(chap|pap)-secrets$/,
  /^\.?vault[._-]?pass(word|wd)?(\.txt)?$/,
  // These sources hold the site's passwords and little else.
  /^(wp-config|localsettings|config\.inc)\.php$/,
  /^secret_token\.rb$/,
  /(^|\.)secrets?\.exs$/,
  /^(arduino_)?secrets?\.(py|h)$/,
  /^client[._-]?secrets?.*\.json$/,
  /firebase[._-]adminsdk.*\.json$/,
  /^\.?secrets?$/,
  /^\.secrets?\./,
  /\.secrets?$/,
  /\.(tfvars|tfstate|tfrc|pkrvars)(\.(json|hcl|backup))?$/,
];

/** Names of data files whose words say what is in them. Folders of translations have files of such names too. */
const secretWords: readonly RegExp[] = [
  new RegExp(`credentials?([._-].*)?\\.${data}$`),
  /^(.*[._-])?(credentials?|creds)$/,
  new RegExp(`^(.*[._-])?creds\\.${data}$`),
  // Only JSON: `serviceaccount.yaml` is in every Helm chart and holds no key.
  /^(.*[._-])?service[._-]?account[^.]*\.json$/,
  new RegExp(`^(.*[._-])?secrets?(\\..*)?\\.${data}$`),
  new RegExp(`^(.*[._-])?secrets?[._-](key|keys|token|tokens|values|${stage})(\\.${data})?$`),
  new RegExp(`^(.*[._-])?(pass(word|wd|phrase)s?|mnemonics?)(\\.${data})?$`),
  new RegExp(`^(.*[._-])?(api|access|private|encryption)[._-]?keys?(\\.${data})?$`),
  new RegExp(
    `^(.*[._-])?((access|auth|oauth2?|refresh|bearer|known|github|gitlab)[._-]?tokens?)(\\.${data})?$`,
  ),
  // Not `tokens.json`: the tokens of a design are called so.
  /^(?!.*design)(.*[._-])?token(\.(json|txt|pickle|dat))?$/,
  /^\.?auth\.(json|toml|ini)$/,
  /^(.*[._-])?oauth2?([._-]?(client|creds))?\.json$/,
];

const translations = /(^|\/)(locales?|i18n|l10n|lang|langs|languages|translations?|messages)\//;
