{{/* What cannot work, or would be open to strangers, said before anything is installed. */}}
{{- define "ark.refusals" -}}
{{- if not (include "ark.postgres" .) -}}
{{- $next := "without PostgreSQL each pod has conversations and streams of its own, in SQLite. Set database.existingSecret.name (or database.url)" -}}
{{- if ne .Values.layout "one" -}}
{{- fail (printf "layout=split needs PostgreSQL: %s, or use layout=one." $next) -}}
{{- end -}}
{{- if gt (int .Values.replicas) 1 -}}
{{- fail (printf "replicas=%d needs PostgreSQL: %s, or use replicas=1." (int .Values.replicas) $next) -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.maxReplicas) 1) -}}
{{- fail (printf "autoscaling to %d pods needs PostgreSQL: %s, or leave autoscaling.enabled=false." (int .Values.autoscaling.maxReplicas) $next) -}}
{{- end -}}
{{- end -}}
{{- if and (eq .Values.layout "split") (ne (int .Values.replicas) 1) -}}
{{- fail (printf "replicas=%d counts in layout=one: set parts.controller.replicas, parts.api.replicas, parts.gateway.replicas and parts.engine.replicas, and leave replicas=1." (int .Values.replicas)) -}}
{{- end -}}
{{- if and .Values.database.url .Values.database.existingSecret.name -}}
{{- fail "database.url and database.existingSecret.name are both set: keep one of them." -}}
{{- end -}}
{{- range $name, $value := dict "ARK_DATABASE_URL" "database.existingSecret.name" "ARK_DATABASE_KEYS" "database.keysSecret.name" "ARK_ADMIN_TOKEN" "auth.adminTokenSecret.name" -}}
{{- if hasKey $.Values.settings $name -}}
{{- fail (printf "settings.%s would stand in clear in the Deployment: set %s to a Secret of this namespace that holds it." $name $value) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "ARK_API_KEY" "ARK_TOKEN" "ARK_ENGINE_TOKEN" -}}
{{- if hasKey $.Values.settings $name -}}
{{- fail (printf "settings.%s would stand in clear in the Deployment, and the runtime does not read it: take it out." $name) -}}
{{- end -}}
{{- end -}}
{{- if hasKey .Values.settings "ARK_GATEWAY_PORT" -}}
{{- fail "settings.ARK_GATEWAY_PORT opens a second door inside the pod, and no port of the pod, no Service and no NetworkPolicy leads to it: take it out; with layout=split the gateway has a Service of its own." -}}
{{- end -}}
{{- range $plugin := .Values.plugins -}}
{{- $same := 0 -}}
{{- range $.Values.plugins -}}{{- if eq .name $plugin.name -}}{{- $same = add1 $same -}}{{- end -}}{{- end -}}
{{- if gt (int $same) 1 -}}
{{- fail (printf "two plugins are called %s: each needs a name of its own." $plugin.name) -}}
{{- end -}}
{{- end -}}
{{- range (include "ark.deployments" . | fromJson).items -}}
{{- if and .autoscaling.enabled (gt (int .autoscaling.minReplicas) (int .autoscaling.maxReplicas)) -}}
{{- fail (printf "autoscaling: minReplicas=%d is more than maxReplicas=%d for %s." (int .autoscaling.minReplicas) (int .autoscaling.maxReplicas) .name) -}}
{{- end -}}
{{- end -}}
{{- include "ark.issuerRefusals" . -}}
{{- if and (eq .Values.auth.mode "none") (not .Values.auth.acceptOpenDoors) -}}
{{- $open := list -}}
{{- if .Values.ingress.enabled -}}{{- $open = append $open "ingress.enabled=true" -}}{{- end -}}
{{- if .Values.httpRoute.enabled -}}{{- $open = append $open "httpRoute.enabled=true" -}}{{- end -}}
{{- if ne .Values.service.type "ClusterIP" -}}{{- $open = append $open (printf "service.type=%s" .Values.service.type) -}}{{- end -}}
{{- if not .Values.networkPolicy.enabled -}}{{- $open = append $open "networkPolicy.enabled=false" -}}{{- end -}}
{{- if .Values.networkPolicy.allowNamespaces -}}{{- $open = append $open "networkPolicy.allowNamespaces" -}}{{- end -}}
{{- if $open -}}
{{- fail (printf "%s opens a runtime that checks nobody's identity (auth.mode=none) beyond its namespace. Set auth.acceptOpenDoors=true to say that something else keeps strangers out." (join ", " $open)) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.namespaced (eq .Values.auth.mode "token") (not .Values.auth.adminTokenSecret.name) -}}
{{- fail "namespaced=true has no right to ask the cluster who a caller is, so nobody could make the first API key. Make a Secret (kubectl create secret generic ark-admin --from-literal=token=$(openssl rand -hex 32)) and set auth.adminTokenSecret.name=ark-admin, use auth.mode=oidc, or auth.mode=none to let in every pod of the namespace." -}}
{{- end -}}
{{- if and .Values.auth.adminTokenSecret.name (eq .Values.auth.mode "none") -}}
{{- fail "auth.adminTokenSecret.name is set and auth.mode=none asks nobody for a token: keep one of them." -}}
{{- end -}}
{{- if ne (empty .Values.gateway.provider.organization) (empty .Values.gateway.provider.url) -}}
{{- fail "gateway.provider needs both organization and url, or neither." -}}
{{- end -}}
{{- if .Values.auth.impersonation.enabled -}}
{{- if or .Values.namespaced (eq .Values.auth.mode "none") -}}
{{- fail "auth.impersonation.enabled=true needs rights in the whole cluster (namespaced=false) and callers that are known (auth.mode=token, oidc or token,oidc)." -}}
{{- end -}}
{{- end -}}
{{- if and .Values.queryServiceAccounts.enabled .Values.namespaced -}}
{{- fail "queryServiceAccounts.enabled=true needs a policy and rights in the whole cluster, which namespaced=true keeps away from: switch one of them off." -}}
{{- end -}}
{{- if and .Values.metrics.port (eq (int .Values.metrics.port) (int .Values.containerPort)) -}}
{{- fail (printf "metrics.port and containerPort are both %d: choose another metrics.port, or null to serve figures at the doors." (int .Values.containerPort)) -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (not .Values.metrics.port) (ne .Values.auth.mode "none") (not .Values.serviceMonitor.tokenSecret.name) -}}
{{- fail "serviceMonitor.enabled=true with metrics.port=null scrapes a door that asks for credentials: set serviceMonitor.tokenSecret.name to a Secret with the API key of a reader, or metrics.port." -}}
{{- end -}}
{{- $hosts := concat (ternary .Values.ingress.hosts list .Values.ingress.enabled) (ternary .Values.httpRoute.hosts list .Values.httpRoute.enabled) -}}
{{- range $hosts -}}
{{- if and (eq .part "dashboard") (not $.Values.dashboard.service.name) -}}
{{- fail (printf "the host %s has part: dashboard, and no dashboard is named: set dashboard.service.name (and port) to a Service of this namespace that serves one, or leave the host out." .host) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- fail "ingress.enabled=true needs at least one entry in ingress.hosts." -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (or (not .Values.httpRoute.hosts) (not .Values.httpRoute.parentRefs)) -}}
{{- fail "httpRoute.enabled=true needs httpRoute.parentRefs and at least one entry in httpRoute.hosts." -}}
{{- end -}}
{{- end -}}

{{/* What `envFrom` brings is not known here, so it may be the rest. */}}
{{- define "ark.issuerRefusals" -}}
{{- if and (contains "oidc" .Values.auth.mode) (not .Values.envFrom) -}}
{{- $missing := list -}}
{{- range $name := list "ARK_OIDC_ISSUER" "ARK_OIDC_AUDIENCE" -}}
{{- if not (get $.Values.settings $name) -}}{{- $missing = append $missing (printf "settings.%s" $name) -}}{{- end -}}
{{- end -}}
{{- if $missing -}}
{{- fail (printf "auth.mode=%s takes tokens of an issuer, which can be checked only where it is known whose they are and for whom: set %s, or use auth.mode=token." .Values.auth.mode (join " and " $missing)) -}}
{{- end -}}
{{- $askedOfCluster := and (contains "token" .Values.auth.mode) (not .Values.namespaced) -}}
{{- if not (or $askedOfCluster .Values.settings.ARK_OIDC_ROLES .Values.auth.impersonation.enabled .Values.auth.adminTokenSecret.name) -}}
{{- fail (printf "auth.mode=%s: nobody would have a role, and everybody hear 403. Say who is what, for example settings.ARK_OIDC_ROLES=platform=admin, %s." .Values.auth.mode (.Values.namespaced | ternary "or set auth.adminTokenSecret.name" "let the cluster decide with auth.impersonation.enabled=true, or use auth.mode=token,oidc")) -}}
{{- end -}}
{{- end -}}
{{- end -}}
