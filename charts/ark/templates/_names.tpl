{{- define "ark.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "ark.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "ark.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "ark.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "ark.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ark.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "ark.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "ark.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "ark.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "ark.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Of the cluster, so that the namespace is part of it. */}}
{{- define "ark.queryAuthorPolicy" -}}
{{- printf "%s-%s-query-authors" .Release.Namespace (include "ark.fullname" .) -}}
{{- end -}}

{{- define "ark.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}{{- else -}}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{- end -}}
{{- end -}}
{{- end -}}

{{/* Whether conversations live in PostgreSQL: "true" or nothing. */}}
{{- define "ark.postgres" -}}
{{- if or .Values.database.url .Values.database.existingSecret.name -}}true{{- end -}}
{{- end -}}

{{/* The Deployments of this release, as JSON: name, part (all or one of the roles), replicas, resources, autoscaling. */}}
{{- define "ark.deployments" -}}
{{- $list := list -}}
{{- $fullname := include "ark.fullname" . -}}
{{- if eq .Values.layout "one" -}}
{{- $list = append $list (dict "name" $fullname "part" "all" "replicas" .Values.replicas "resources" .Values.resources "autoscaling" .Values.autoscaling) -}}
{{- else -}}
{{- range $part := list "controller" "api" "gateway" "engine" -}}
{{- $own := index $.Values.parts $part -}}
{{- $autoscaling := mergeOverwrite (deepCopy $.Values.autoscaling) $own.autoscaling -}}
{{- $list = append $list (dict "name" (printf "%s-%s" $fullname $part) "part" $part "replicas" $own.replicas "resources" (default $.Values.resources $own.resources) "autoscaling" $autoscaling) -}}
{{- end -}}
{{- end -}}
{{- dict "items" $list | toJson -}}
{{- end -}}

{{/* The Service of a part. Call with (dict "root" $ "part" "gateway"). */}}
{{- define "ark.serviceOf" -}}
{{- $fullname := include "ark.fullname" .root -}}
{{- if eq .part "dashboard" -}}{{ .root.Values.dashboard.service.name }}
{{- else if eq .root.Values.layout "one" -}}{{ $fullname }}
{{- else -}}{{ printf "%s-%s" $fullname .part }}{{- end -}}
{{- end -}}
