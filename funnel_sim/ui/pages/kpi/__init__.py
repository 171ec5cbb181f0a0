"""The KPI check, in parts: the promised KPIs, the verdict, the way there, evidence, diary."""
